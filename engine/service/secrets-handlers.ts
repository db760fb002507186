import type { Handlers } from '../../shared/channel.ts';
import type { EngineApi } from '../../shared/engine-api.ts';
import { noCapture } from './coded-error.ts';

type SecretsMethod = 'secrets.add' | 'secrets.remove' | 'secrets.get' | 'secrets.try' | 'connections.get';

/** Key logs and SRTP keys that a person brings. */
export function secretsHandlers(): Handlers<Pick<EngineApi, SecretsMethod>> {
  const missing = (): never => {
    throw noCapture();
  };
  return {
    'secrets.add': missing,
    'secrets.remove': missing,
    'secrets.get': missing,
    'secrets.try': missing,
    'connections.get': missing,
  };
}
