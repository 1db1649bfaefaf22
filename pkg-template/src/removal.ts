// Removal events: collected while an operation runs, told to the user when it is over.
import type { RemoveReason } from "./options.js";

/** An entry that has left. What is bytes is decoded only when it is told. */
export interface RemovalEvent {
  readonly key: () => unknown;
  readonly value: () => unknown;
  readonly reason: RemoveReason;
}

/** The reasons, by the engine's numbers. */
export const REASONS: readonly RemoveReason[] = ["expired", "evicted", "deleted", "replaced", "flushed"];

/**
 * Calls `handler` once for each event, all of them even where some throw. What they threw is thrown then, as an
 * AggregateError if there are several; a `failure` of the operation itself counts as the first.
 */
export function tell(
  events: readonly RemovalEvent[],
  handler: (key: unknown, value: unknown, reason: RemoveReason) => void,
  failure?: Error,
): void {
  const errors: unknown[] = failure === undefined ? [] : [failure];
  for (const { key, value, reason } of events) {
    try {
      handler(key(), value(), reason);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} errors while removals were told`);
}
