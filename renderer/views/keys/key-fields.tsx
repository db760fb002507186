import { type ReactNode, useId } from 'react';
import { SeverityGlyph } from '../../widgets/severity.tsx';

/** A line of the key dialog: its name, what is typed or chosen, and below it what is wrong with that. */
export function KeyField({
  label,
  id,
  error,
  children,
}: {
  label: string;
  /** Of the control. */
  id: string;
  error: string | null;
  children: ReactNode;
}) {
  return (
    <div className="key-field">
      <label htmlFor={id}>{label}</label>
      <div className="key-field-line">{children}</div>
      <FieldError id={id} error={error} />
    </div>
  );
}

/** What is wrong with what was entered in the control `id`, which names this as `<id>-error`; nothing where it is null. */
export function FieldError({ id, error }: { id: string; error: string | null }) {
  if (error === null) return null;
  return (
    <p className="key-field-error err" id={`${id}-error`} role="alert">
      <SeverityGlyph severity="error" label="" />
      {error}
    </p>
  );
}

/** A key or salt: dots for whoever looks over the shoulder, until it is asked to be shown. */
export function SecretField({
  label,
  value,
  error,
  isShown,
  isFirst = false,
  placeholder = '',
  onChange,
  children,
}: {
  label: string;
  value: string;
  error: string | null;
  isShown: boolean;
  /** Has the focus when the dialog opens. */
  isFirst?: boolean;
  placeholder?: string;
  onChange: (value: string) => void;
  children?: ReactNode;
}) {
  const id = useId();
  return (
    <KeyField label={label} id={id} error={error}>
      <input
        id={id}
        className={isShown ? 'mono' : 'mono key-field-secret'}
        value={value}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={error !== null}
        {...(error === null ? {} : { 'aria-describedby': `${id}-error` })}
        {...(isFirst ? { 'data-focus-first': '' } : {})}
        onChange={({ target }) => onChange(target.value)}
      />
      {children}
    </KeyField>
  );
}
