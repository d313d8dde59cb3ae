import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { compare, isSame } from '../../core/definition/compare/compare.js';
import { compareLines } from '../../core/definition/compare/compare-lines.js';
import { comparisonDiagram } from '../../core/diagram/comparison-diagram.js';
import { whenText } from '../../core/diagram/mermaid.js';
import { Catalog } from '../../engine/ports/catalog.js';
import { DefinitionStore } from '../../engine/ports/definition-store.js';
import { Checked } from '../http/checked.pipe.js';
import { Problem } from '../http/problem.js';
import { DiffQuery, FlowPath } from '../requests.js';

const change = z.enum(['added', 'removed', 'changed']);

export const DiffView = z.strictObject({
  flow: z.string(),
  from: z.int(),
  to: z.int(),
  same: z.boolean().describe('Instances cannot tell one from the other; comments and places may differ.'),
  head: z.array(z.string()).describe('Keys of the file, beside nodes and edges.'),
  nodes: z.array(z.strictObject({ id: z.string(), change, keys: z.array(z.string()) })),
  edges: z.array(
    z.strictObject({
      from: z.string(),
      to: z.string(),
      change,
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
  reordered: z.array(z.string()).describe('Nodes whose lines are tried in another order.'),
  mermaid: z.string().describe('Both in one: added green, removed red, changed amber.'),
  yaml: z.array(z.strictObject({ mark: z.enum([' ', '-', '+']), text: z.string() })),
});

/** How two versions of a flow differ. */
@Controller('api/definitions')
export class DiffController {
  constructor(
    @Inject(DefinitionStore) private readonly definitions: DefinitionStore,
    @Inject(Catalog) private readonly catalog: Catalog,
  ) {}

  @Get(':flow/diff')
  async diff(
    @Param(new Checked(FlowPath, 'path')) { flow }: z.output<typeof FlowPath>,
    @Query(new Checked(DiffQuery, 'query')) { from, to }: z.output<typeof DiffQuery>,
  ): Promise<z.output<typeof DiffView>> {
    const [before, after] = await Promise.all([this.#version(flow, from), this.#version(flow, to)]);
    const compared = compare(before.definition, after.definition, whenText);
    return {
      flow,
      from,
      to: after.version,
      same: isSame(compared),
      head: [...compared.head],
      nodes: compared.nodes.map((node) => ({ ...node, keys: [...node.keys] })),
      edges: [...compared.edges],
      reordered: [...compared.reordered],
      mermaid: comparisonDiagram(before.definition, after.definition),
      yaml: [...compareLines(before.source, after.source)],
    };
  }

  async #version(flow: string, version: number | undefined) {
    const stored = await this.definitions.find(flow, version);
    const published = stored && (await this.catalog.get(flow, stored.version));
    if (stored && published) return { ...stored, definition: published.definition };
    const what = version === undefined ? `flow ${flow}` : `version ${version} of flow ${flow}`;
    throw new Problem(
      404,
      'UNKNOWN_FLOW',
      `Expected a published flow, but there is no ${what}. List them with GET /api/definitions.`,
    );
  }
}
