import type { IDockviewPanelProps } from "dockview-react";
import type { FunctionComponent } from "react";
import { PanelBoundary } from "../../ui/messages/panel-boundary.tsx";

type Panel<Given extends object> = FunctionComponent<IDockviewPanelProps<Given>>;

/** Draws each panel so that an error of its own stays in it. */
export function guardPanels<Given extends object>(
  panels: Readonly<Record<string, Panel<Given>>>,
): Record<string, Panel<Given>> {
  return Object.fromEntries(Object.entries(panels).map(([kind, Panel]) => [kind, guard(Panel)]));
}

function guard<Given extends object>(Panel: Panel<Given>): Panel<Given> {
  return (props) => (
    <PanelBoundary part={`The panel "${props.api.title ?? props.api.component}"`}>
      <Panel {...props} />
    </PanelBoundary>
  );
}
