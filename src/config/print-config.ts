import type { Config } from './config.js';
import { redactUrl } from './read-url.js';

/** The settings as they may be logged: no token, no password. */
export function printConfig(config: Config): Record<string, unknown> {
  const hidden = (url: string | null): string | null => (url === null ? null : redactUrl(url));
  return {
    ...config,
    databaseUrl: hidden(config.databaseUrl),
    brokerUrl: hidden(config.brokerUrl),
    secrets: Object.keys(config.secrets),
    token: config.token === null ? '(random)' : '(set)',
  };
}
