import type { ProblemRow } from '../../shared/engine-api.ts';
import { SeverityGlyph } from '../widgets/severity.tsx';
import { SpecLink } from './spec-link.tsx';

/** The problems that this packet proves. */
export function PacketProblems({ problems }: { problems: readonly ProblemRow[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className="detail-problems" aria-label="Problems of this packet">
      {problems.map(({ id, severity, title, message, spec }) => (
        <li key={id}>
          <div className="detail-problem-title">
            <SeverityGlyph severity={severity} />
            <span className="strong">{title}</span>
          </div>
          <div className="detail-problem-text t2">
            {message} {spec !== null && <SpecLink spec={spec} />}
          </div>
        </li>
      ))}
    </ul>
  );
}
