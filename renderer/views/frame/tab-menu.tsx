import { Fragment, useRef } from "react";
import { tabActions } from "../../state/tabs/tab-actions.ts";
import { closeTabMenu, type OpenTabMenu } from "../../state/tabs/tab-menu.ts";
import { ContextMenu, MenuItem, MenuLine } from "../../ui/menu.tsx";

/** The commands for a tab. */
export function TabMenu({ panel, tab, x, y }: OpenTabMenu) {
  // It may move the focus, which the menu holds until it is gone.
  const chosen = useRef(() => {});
  return (
    <ContextMenu
      x={x}
      y={y}
      label={panel.title ?? "Tab"}
      owner={tab}
      onClose={closeTabMenu}
      onClosed={() => chosen.current()}
    >
      {tabActions(panel).map((group, index) => (
        <Fragment key={group[0]?.title}>
          {index > 0 && <MenuLine />}
          {group.map(({ title, unavailable, run }) => (
            <MenuItem
              key={title}
              disabledReason={unavailable}
              onSelect={() => {
                chosen.current = run;
              }}
            >
              {title}
            </MenuItem>
          ))}
        </Fragment>
      ))}
    </ContextMenu>
  );
}
