/** A scenario that a session was saved as. */
export interface SavedScenario {
  /** The text of its file. */
  readonly text: string;
  /** The parts of the session that a scenario can't have, a sentence each. */
  readonly leftOut: readonly string[];
}
