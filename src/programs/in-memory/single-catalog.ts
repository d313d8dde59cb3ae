import type { Definition } from '../../core/definition/definition.js';
import { Catalog, type Published } from '../../engine/ports/catalog.js';
import { compilePlayChecks } from '../../language/expression/plays/compile-play-checks.js';
import { compileFormChecks, compileInputCheck } from '../../language/input-schema.js';

/** The one definition that is run, under whatever version it is asked for. */
export class SingleCatalog extends Catalog {
  private readonly published: Published;

  constructor(definition: Definition) {
    super();
    const checkInput = definition.input === null ? () => [] : compileInputCheck(definition.input);
    this.published = { definition, checkInput, ...compileFormChecks(definition), ...compilePlayChecks(definition) };
  }

  override async get(flow: string): Promise<Published | null> {
    return this.cached(flow) ?? null;
  }

  override cached(flow: string): Published | undefined {
    return flow === this.published.definition.flow ? this.published : undefined;
  }
}
