import { type FunctionComponent, type ReactNode, useEffect } from "react";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

interface Loaded<Props> {
  readonly View?: FunctionComponent<Props>;
  /** Why its script can't be loaded. */
  readonly error?: unknown;
}

/**
 * A view whose script is loaded when it is first drawn, and which is drawn as soon as its script is there. React's `lazy`
 * would wait: it draws what replaces a placeholder 300 ms after the last placeholder, so that a view in a view comes late.
 *
 * @param placeholder drawn until then
 */
export function lazyView<Props extends object>(
  load: () => Promise<FunctionComponent<Props>>,
  placeholder?: ReactNode,
): FunctionComponent<Props> {
  const loaded = createStore<Loaded<Props>>(() => ({}));
  let hasBegun = false;
  const begin = () => {
    if (hasBegun) return;
    hasBegun = true;
    load().then(
      (View) => loaded.setState({ View }),
      (error) => loaded.setState({ error }),
    );
  };
  return function LazyView(props) {
    const { View, error } = useStore(loaded);
    useEffect(begin, []);
    // For the panel around it.
    if (error !== undefined) throw error;
    return View ? <View {...props} /> : placeholder;
  };
}
