/** Takes events; the time is added on the way. */
export type Report<Event extends { readonly time: number }> = (event: Untimed<Event>) => void;

/** Each kind of a union of events, without its time. */
export type Untimed<Event> = Event extends unknown ? Omit<Event, "time"> : never;

/** A report that stamps each event with the time, in milliseconds since the epoch, and hands it to all listeners. */
export function createReport<Event extends { readonly time: number }>(
  ...listeners: readonly ((event: Event) => void)[]
): Report<Event> {
  return (event) => {
    // Event is Untimed<Event> and a time, which TypeScript can't see through the generic union.
    const timed = { time: Date.now(), ...event } as unknown as Event;
    for (const listener of listeners) listener(timed);
  };
}
