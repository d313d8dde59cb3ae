import { edit, type Mutant } from '../mutant.js';

const MIGRATE = 'core/flow/overhaul/migrate.js';

/** Faults in which version an instance runs in. */
export const VERSION_MUTANTS: readonly Mutant[] = [
  {
    name: 'runs-by-what-is-active',
    why: 'Activating a version changes what runs.',
    focus: ['versions'],
    edits: [
      edit(
        'engine/commit/fold-batch.js',
        'const definition = catalog.cached(instance.flow, instance.version)?.definition;',
        'const definition = (catalog.cached(instance.flow, 2) ?? catalog.cached(instance.flow, 1))?.definition;',
      ),
    ],
  },
  {
    name: 'moves-with-old-numbers',
    why: 'What waits at joins waits on other edges once its instance is moved.',
    focus: ['versions'],
    edits: [edit(MIGRATE, 'arrivals: renumbered(state.arrivals, edges)', 'arrivals: state.arrivals')],
  },
  {
    name: 'moves-by-what-was-read',
    why: 'An instance that is moved forgets what has happened to it while it was looked at.',
    focus: ['versions'],
    edits: [
      edit('engine/operate/migrate/migrate-instances.js', 'signatureOf(one.instance, one.nodes) !== seen', 'false'),
    ],
  },
];
