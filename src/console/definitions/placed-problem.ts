import type { z } from 'zod';
import type { PlacedProblem } from '../../engine/ports/publisher.js';
import type { PlacedProblem as View } from '../views.js';

export const placedProblem = (problem: PlacedProblem): z.output<typeof View> => ({
  code: problem.code,
  severity: problem.severity,
  message: problem.message,
  hint: problem.hint,
  file: problem.file,
  line: problem.line,
  column: problem.column,
});
