import { startServiceWithRules, type startTestRules } from "./test-rules.ts";

/** Holds a message. */
export const hold = { steps: [{ hold: true as const }] };

/** A service with rules that hold messages, and a window that shows these. */
export async function startHolding(...given: Parameters<typeof startTestRules>[0]) {
  const { rules, service } = await startServiceWithRules(...given);
  return { rules, service, window: rules.openWindow() };
}
