import { CircleHelp } from "lucide-react";
import { queryWords } from "../../../state/exchanges/query/query-words.ts";
import { IconButton } from "../../../ui/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../../ui/menu.tsx";

/** A menu of the words of the filter: each goes into the field. */
export function FilterHelp({ onChoose }: { readonly onChoose: (word: string) => void }) {
  return (
    <Menu button={<IconButton icon={CircleHelp} label="Words of the filter" className="filter-help" />}>
      {Object.entries(queryWords).map(([word, { help, values }]) => (
        <MenuItem key={word} onSelect={() => onChoose(word)}>
          <code>
            {word}:{values[0]}
          </code>
          <span className="filter-word-help">{help}</span>
        </MenuItem>
      ))}
      <MenuLine />
      <p className="filter-rules">
        All terms must fit. Quotes keep spaces: <code>"no such file"</code>. A minus sign excludes:{" "}
        <code>-endpoint:poll</code>. A text is found in the target, the headers, and the first 4 kB of each
        body.
      </p>
    </Menu>
  );
}
