import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { PermanentError } from '../../../engine/ports/handlers.js';
import { type AllowList, isPublicAddress } from './address.js';

/** All addresses of a name. Given in tests, to play a name server that changes its mind. */
export type Resolve = (
  hostname: string,
  answer: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

const CONNECT_TIMEOUT_MS = 10_000;

const systemResolve: Resolve = (hostname, answer) =>
  systemLookup(hostname, { all: true }, (error, addresses) => answer(error, addresses));

/**
 * Opens connections to public addresses only. A name is resolved once per connection, every address is checked, and
 * the socket is given what was checked: a name server cannot answer one thing to the check and another to the socket.
 */
export function guardedAgent(allow: AllowList, resolve: Resolve = systemResolve): Agent {
  return new Agent({
    connections: 64,
    maxHeaderSize: 16 * 1024,
    connect: (options, callback) => {
      const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80));
      const open = allow.has(options.hostname, port);
      const literal = options.hostname.replace(/^\[(.*)\]$/, '$1');
      if (!open && isIP(literal) && !isPublicAddress(literal)) {
        callback(refused(options.hostname, literal, port), null);
        return;
      }
      const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: lookupChecked(resolve, open, port) });
      connect(options, callback);
    },
  });
}

function lookupChecked(resolve: Resolve, open: boolean, port: number): LookupFunction {
  return (hostname, options, callback) =>
    resolve(hostname, (error, addresses) => {
      const bad = open ? undefined : addresses?.find(({ address }) => !isPublicAddress(address));
      const [first] = addresses ?? [];
      if (error) callback(error, []);
      else if (bad) callback(refused(hostname, bad.address, port), []);
      else if (!first) callback(new Error(`Expected ${hostname} to have an address, but it has none.`), []);
      else if (options.all) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    });
}

function refused(hostname: string, address: string, port: number): PermanentError {
  const at = hostname === address ? hostname : `${hostname} (${address})`;
  return new PermanentError(
    'HTTP_ADDRESS_REFUSED',
    `Expected a public address, but ${at} is private or reserved. If the task is meant to reach it, add ${hostname}:${port} to SLUICE_HTTP_ALLOW.`,
  );
}
