import { z } from "zod";

/** The place of a run among scenarios that run one after another, each in a session of its own. */
export const scenarioSeriesSchema = z.object({
  /** The names of all scenarios, in their order. */
  names: z.array(z.string()),
  /** The runs before this one, in their order: sessions may be deleted meanwhile. */
  earlier: z.array(z.object({ session: z.string(), passed: z.boolean() })),
});
export type ScenarioSeries = z.infer<typeof scenarioSeriesSchema>;
