import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A Python that has pika, the AMQP library of the example worker, or null. Debian's has what Debian installs. */
export function findPython() {
  for (const name of ['python3', '/usr/bin/python3']) {
    try {
      if (name.startsWith('/') && !existsSync(name)) continue;
      execFileSync(name, ['-c', 'import pika'], { stdio: 'ignore' });
      return name;
    } catch {
      // not this one
    }
  }
  return null;
}
