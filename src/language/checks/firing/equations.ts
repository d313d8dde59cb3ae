interface Equation {
  readonly whole: number;
  readonly parts: readonly number[];
}

/** Things that happen or not, as numbers, and equations: the whole happens exactly when one of its parts does. */
export class Equations {
  private readonly ofWhole = new Map<number, Equation[]>();
  private readonly ofPart = new Map<number, Equation[]>();

  constructor(private names: number) {}

  /** A number for one more thing. */
  name(): number {
    return this.names++;
  }

  add(whole: number, parts: readonly number[]): void {
    const equation = { whole, parts: [...new Set(parts)] };
    append(this.ofWhole, whole, equation);
    for (const part of equation.parts) append(this.ofPart, part, equation);
  }

  /** Whether one of the some happens exactly when one of the others does. False if the equations do not say it. */
  isSame(some: readonly number[], others: readonly number[]): boolean {
    if (some.length === others.length && some.every((one, place) => one === others[place])) return true;
    return this.includes(some, others) && this.includes(others, some);
  }

  /** Whether adding the others to the some changes nothing. */
  private includes(some: readonly number[], others: readonly number[]): boolean {
    const missing = new Set(others);
    const seen = new Set(some);
    const counted = new Map<Equation, number>();
    for (const one of seen) {
      missing.delete(one);
      if (missing.size === 0) return true;
      for (const { parts } of this.ofWhole.get(one) ?? []) for (const part of parts) seen.add(part);
      for (const equation of this.ofPart.get(one) ?? []) {
        const count = (counted.get(equation) ?? 0) + 1;
        counted.set(equation, count);
        if (count === equation.parts.length) seen.add(equation.whole);
      }
    }
    return false;
  }
}

function append(map: Map<number, Equation[]>, key: number, equation: Equation): void {
  const found = map.get(key);
  if (found) found.push(equation);
  else map.set(key, [equation]);
}
