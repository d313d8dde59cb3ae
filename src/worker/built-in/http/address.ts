import ipaddr from 'ipaddr.js';

/**
 * Is this the address of a machine on the public Internet? Everything that could be this host, its neighbours or the
 * cloud's metadata is not: loopback, private, link-local, carrier-grade NAT, multicast, unique-local, reserved, and
 * all IPv6 forms that carry an IPv4 address inside (mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  // Global unicast is 2000::/3; the rest of IPv6 that has no name yet is not assigned to anyone.
  return parsed.kind() === 'ipv4' || (parsed.toByteArray()[0] ?? 0) >> 5 === 1;
}

/** What `http` tasks may reach although it is private: `host` (every port) or `host:port`. */
export class AllowList {
  private readonly entries: ReadonlySet<string>;

  constructor(entries: readonly string[]) {
    this.entries = new Set(entries.map((entry) => bare(entry.trim())));
  }

  has(hostname: string, port: number): boolean {
    const host = bare(hostname);
    return this.entries.has(host) || this.entries.has(`${host}:${port}`) || this.entries.has(`[${host}]:${port}`);
  }
}

/** Lower case, without brackets around a lone IPv6 address, without the root's dot. */
const bare = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^\[([^\]]*)\]$/, '$1')
    .replace(/\.$/, '');
