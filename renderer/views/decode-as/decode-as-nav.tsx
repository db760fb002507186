import { useQuery } from '../../client/use-query.ts';
import { openDecodeAs } from '../../model/decode-as.ts';
import { formatCount } from '../../model/format/numbers.ts';
import { useApp } from '../../model/store.ts';
import { Icon } from '../../widgets/icon.tsx';

/** The sidebar's way to the rules, with how many are in force. */
export function DecodeAsNav() {
  const isOpen = useApp((state) => state.capture.status === 'open');
  const { data } = useQuery('decodeAs.rules', isOpen ? {} : null);
  const count = data?.rules.filter((rule) => rule.isOff !== true).length ?? 0;
  return (
    <button type="button" className="nav" disabled={!isOpen} onClick={() => openDecodeAs()}>
      <Icon name="decode" />
      Decode As
      {count > 0 && (
        <span className="n" title="rules in force">
          {formatCount(count)}
        </span>
      )}
    </button>
  );
}
