import { X } from "lucide-react";
import { useId, useRef } from "react";
import { completeQuery } from "../../../state/exchanges/query/complete-query.ts";
import { parseQuery } from "../../../state/exchanges/query/parse-query.ts";
import { splitTerms } from "../../../state/exchanges/query/query-terms.ts";
import { FilterHelp } from "./filter-help.tsx";
import "./filter-field.css";
import { type FilterText, textOf } from "./filter-text.ts";

interface FilterFieldProps {
  readonly filter: FilterText;
  readonly onFilter: (filter: FilterText) => void;
}

/** The filter: a chip for each term, and a field for the next one, with completions and what is wrong in it. */
export function FilterField({ filter, onFilter }: FilterFieldProps) {
  const ids = useId();
  const field = useRef<HTMLInputElement>(null);
  const { chips, draft } = filter;
  const query = parseQuery(draft);
  const issue = "message" in query ? query.message : undefined;
  const edit = (next: FilterText) => {
    onFilter(next);
    field.current?.focus();
  };
  const takeTerms = () => {
    if ("terms" in query && query.terms.length > 0)
      onFilter({ chips: [...chips, ...query.terms.map(({ source }) => source)], draft: "" });
  };
  const onChange = (text: string) => {
    const typed = parseQuery(text);
    const isDone = /\s$/.test(text) && "terms" in typed && typed.terms.length > 0;
    onFilter(
      isDone
        ? { chips: [...chips, ...typed.terms.map(({ source }) => source)], draft: "" }
        : { chips, draft: text },
    );
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "Enter") takeTerms();
    else if (event.key === "Escape" && textOf(filter) !== "") onFilter({ chips: [], draft: "" });
    else if (event.key === "Backspace" && draft === "" && chips.length > 0)
      onFilter({ chips: chips.slice(0, -1), draft: chips.at(-1) ?? "" });
    else return;
    event.preventDefault();
  };
  return (
    <div className="filter">
      <div className="filter-field" data-wrong={issue !== undefined || undefined}>
        {chips.map((chip, index) => (
          <span className="filter-chip" key={`${index} ${chip}`}>
            <button
              type="button"
              title={`Change ${chip}`}
              onClick={() => edit({ chips: chips.toSpliced(index, 1), draft: chip })}
            >
              {chip}
            </button>
            <button
              type="button"
              aria-label={`Remove ${chip}`}
              onClick={() => edit({ chips: chips.toSpliced(index, 1), draft })}
            >
              <X aria-hidden />
            </button>
          </span>
        ))}
        <input
          ref={field}
          type="text"
          aria-label="Filter"
          aria-invalid={issue !== undefined}
          aria-describedby={issue === undefined ? undefined : `${ids}issue`}
          placeholder={chips.length > 0 ? "" : "Filter: status:>=400 or a text"}
          list={`${ids}completions`}
          value={draft}
          spellCheck={false}
          autoComplete="off"
          onChange={({ target }) => onChange(target.value)}
          onKeyDown={onKeyDown}
          onBlur={takeTerms}
        />
        <datalist id={`${ids}completions`}>
          {completeQuery(draft).map(({ text, help }) => (
            <option key={text} value={text} label={help} />
          ))}
        </datalist>
        <FilterHelp onChoose={(word) => edit({ chips, draft: startWith(draft, word) })} />
      </div>
      {issue !== undefined && (
        <p id={`${ids}issue`} className="filter-issue" role="status">
          {issue}
        </p>
      )}
    </div>
  );
}

/** The draft with a word at its end, in the place of a word that was begun. */
function startWith(draft: string, word: string): string {
  const last = splitTerms(draft).at(-1);
  const isBegun = last && last.word === undefined && word.startsWith(last.value);
  return `${isBegun ? draft.slice(0, -last.source.length) : draft}${word}:`;
}
