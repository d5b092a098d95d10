import { useState } from "react";
import { type KeyBinding, keyBindings } from "../../state/commands/key-bindings.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialogs/dialog.tsx";
import { Keys } from "../../ui/keys.tsx";
import "./keys-dialog.css";

/** All keys, by where they have a meaning; found by what they do, or by their names. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const [sought, setSought] = useState("");
  const found = keyBindings.filter((binding) => isFound(binding, sought));
  const places = [...Map.groupBy(found, ({ place }) => place)];
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose} actions={<Button onClick={onClose}>Close</Button>}>
      <input
        className="text-input keys-search"
        type="search"
        aria-label="Search keyboard shortcuts"
        placeholder="Search"
        value={sought}
        onChange={({ target }) => setSought(target.value)}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached from the keyboard. */}
      <div className="keys-list" tabIndex={0}>
        {places.length === 0 && <p className="keys-none">No keyboard shortcut matches “{sought}”.</p>}
        {places.map(([place, bindings]) => (
          <section key={place} aria-label={place}>
            <h3>{place}</h3>
            <dl>
              {bindings.map(({ keys, does }) => (
                <div key={keys}>
                  <dt>{does}</dt>
                  <dd>
                    <Keys of={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function isFound({ keys, does, place }: KeyBinding, sought: string): boolean {
  const text = `${keys} ${does} ${place}`.toLowerCase();
  return sought
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
