/** Characters of a log's row: longer ones are cut into pieces, so that a line of any length costs no more than many do. */
export const rowLength = 1_000;
