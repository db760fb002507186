import type { IceDetail } from '../../../shared/engine-api.ts';
import { useQuery } from '../../client/use-query.ts';
import { useApp } from '../../model/store.ts';

/** The session or allocation at hand; null where there is none, or not yet. */
export function useIceDetail(): { detail: IceDetail | null; error: string | null } {
  const id = useApp((state) => state.place.ice);
  const { data, error } = useQuery('ice.get', id === null ? null : { id });
  return { detail: data !== null && data.id === id ? data : null, error };
}
