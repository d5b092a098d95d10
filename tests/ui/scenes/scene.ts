import type { ScriptedEngine } from "../scripted-engine.ts";
import type { TinsmithPage } from "../tinsmith-page.ts";

/** Puts the window into a state that is worth looking at. */
export type Scene = (tinsmith: TinsmithPage, engine: ScriptedEngine) => Promise<void>;
export type Scenes = Readonly<Record<string, Scene>>;
