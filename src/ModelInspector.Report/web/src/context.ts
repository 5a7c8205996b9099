import type { Run } from "./run";
import type { State, Store } from "./state";
import type { Theme } from "./colour";

/** What every section gets to draw with. */
export interface Context { run: Run; store: Store; state: State; theme: Theme }

export interface Section {
  id: string;
  title: string;
  /** The question that the section answers. */
  question: string;
  /** Whether this run has anything to show here. */
  present(run: Run): boolean;
  body(context: Context): unknown;
}
