import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/**
 * The problems for people who see or use a window differently: the broken rule, and its places.
 * @param rules Those of axe to check, all when left out.
 */
export async function seriousIssues(page: Page, rules?: string[]): Promise<readonly string[][]> {
  // Without frames there is no need of the page that it otherwise opens to put their results together.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({
    resultTypes: ["violations"],
    ...(rules && { runOnly: rules }),
  });
  const { violations } = await axe.analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 200))]);
}
