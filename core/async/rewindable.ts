/** Restores a state that was remembered; may be called many times. */
export type Restore = () => void | Promise<void>;

/** A part of the host's view of a guest: it goes back in time together with the guest. */
export interface Rewindable {
  /** Remembers the present state. @throws AppError when there is a reason why the guest can't go back to this moment */
  remember(): Restore | Promise<Restore>;
}
