/** A Python that has pika, or null. */
export function findPython(): string | null;
