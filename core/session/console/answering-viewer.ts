/**
 * One of those who watch a console, and whose terminal answers the queries of the program there. Disposing it ends
 * that.
 */
interface AnsweringViewer extends Disposable {
  /** To be called when the person has typed there. */
  typed(): void;
  /** Whether this is the one whose answers count. */
  isChosen(): boolean;
}

/** Chooses the viewer of a console that answers each query: the last one with input, else the first. */
export interface AnsweringViewers {
  join(): AnsweringViewer;
}

export function createAnsweringViewers(): AnsweringViewers {
  let viewers: readonly symbol[] = [];
  return {
    join: () => {
      const viewer = Symbol();
      const others = () => viewers.filter((one) => one !== viewer);
      viewers = [...viewers, viewer];
      return {
        typed: () => {
          viewers = [viewer, ...others()];
        },
        isChosen: () => viewers[0] === viewer,
        [Symbol.dispose]: () => {
          viewers = others();
        },
      };
    },
  };
}
