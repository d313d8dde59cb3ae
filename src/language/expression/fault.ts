/** Why a text is no expression, with its place in that text. */
export class ExpressionFault extends Error {
  override readonly name = 'ExpressionFault';
  constructor(
    message: string,
    readonly hint: string | null,
    /** Offsets in the expression's text. */
    readonly start: number,
    readonly end: number,
  ) {
    super(message);
  }
}
