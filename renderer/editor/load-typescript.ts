let loading: Promise<unknown> | null = null;

/** Loads TypeScript for the editor once; a failure is tried again when it is next asked for. */
export function loadTypeScript(): Promise<unknown> {
  loading ??= import('./typescript-entry.ts');
  loading.catch(() => {
    loading = null;
  });
  return loading;
}
