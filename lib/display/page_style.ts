/**
 * How a page looks.
 *
 * @module
 */

/** The style sheet, as text. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1c1f23; --dim: #5c636d; --rule: #d7dbe0; --back: #ffffff; --soft: #f5f6f8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --dim: #a2a9b3; --rule: #3a3f47; --back: #16181c; --soft: #1f2228; }
}
body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.55 system-ui, "DejaVu Sans", sans-serif; }
main { max-width: 90rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 0.4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 0.6rem; padding-top: 1.2rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1rem; margin: 1.4rem 0 0.4rem; overflow-wrap: anywhere; }
p { max-width: 44rem; margin: 0.4rem 0; }
.dim, .note { color: var(--dim); font-size: 0.9rem; }
.scroll { overflow-x: auto; margin: 0.8rem 0; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--dim); padding-bottom: 0.4rem; }
th, td { padding: 0.3rem 0.7rem; text-align: left; white-space: nowrap; }
th.number, td.number { text-align: right; }
thead th { border-bottom: 2px solid var(--rule); font-weight: 600; vertical-align: bottom; }
tbody tr + tr > * { border-top: 1px solid var(--rule); }
tbody tr:hover { background: var(--soft); }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 42rem), 1fr)); gap: 0.5rem 1.5rem; }
figure { margin: 0.6rem 0; overflow-x: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1.2rem; font-size: 0.9rem; }
dt { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; }
main .vega-embed.has-actions { padding-right: 0; }
main .vega-embed summary { right: 0.7rem; }
#vg-tooltip-element table tr td.key { max-width: none; }
@media print { figure, tr { break-inside: avoid; } .vega-actions, summary { display: none; } }
`;
