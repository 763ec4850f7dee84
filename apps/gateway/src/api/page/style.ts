/** One column on a phone, contents beside the text on a desk, ink on paper. */
export const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1c2024, #e8eaed); --soft: light-dark(#5b6570, #a3adb8);
  --line: light-dark(#dfe3e8, #363c44); --paper: light-dark(#fff, #16191d); --well: light-dark(#f5f7f9, #1e2329);
  --accent: light-dark(#0b5cad, #7ab8ff); }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
a { color: var(--accent); }
a:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem; }
header { max-width: 78rem; margin: 0 auto; padding: 0 1rem; }
.layout { display: grid; grid-template-columns: minmax(0, 1fr); max-width: 78rem; margin: 0 auto; padding: 0 1rem; }
nav { font-size: .9rem; padding: 1rem 0; }
nav ul { list-style: none; margin: 0 0 1rem; padding: 0; }
nav li { padding: .1rem 0; }
nav li a { text-decoration: none; color: inherit; display: block; }
nav li a:hover { text-decoration: underline; }
nav h2 { font-size: .85rem; margin: .5rem 0 .25rem; color: var(--soft); border: 0; padding: 0; text-transform: capitalize; }
main { padding-bottom: 4rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 1.5rem 0 .5rem; }
h2 { font-size: 1.5rem; margin: 3rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); text-transform: capitalize; }
h3 { font-size: 1.15rem; margin: 0 0 .25rem; }
h4 { font-size: .95rem; margin: 1.25rem 0 .4rem; }
article { margin: 2.5rem 0; }
.route { font-family: ui-monospace, monospace; font-size: .95rem; overflow-wrap: anywhere; margin: 0 0 .5rem; }
.method { display: inline-block; font-weight: 700; font-size: .8rem; padding: .05rem .45rem; border-radius: .25rem;
  border: 1px solid currentcolor; margin-right: .5rem; }
.get { color: light-dark(#1a6b3c, #7fd6a2); } .post { color: light-dark(#0b5cad, #7ab8ff); }
.put, .patch { color: light-dark(#8a5a00, #f0c05c); } .delete { color: light-dark(#a8201a, #ff9d97); }
code, pre { font-family: ui-monospace, monospace; font-size: .875em; }
code { overflow-wrap: anywhere; }
.pattern { color: var(--soft); }
pre { background: var(--well); border: 1px solid var(--line); border-radius: .4rem; padding: .75rem; overflow-x: auto; line-height: 1.45; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; }
tbody th { font-weight: 400; width: 34%; overflow-wrap: anywhere; }
td { overflow-wrap: anywhere; }
td ul { margin: 0; padding-left: 1.1rem; }
small { color: var(--soft); }
@media (min-width: 60rem) {
  .layout { grid-template-columns: 17rem minmax(0, 1fr); gap: 3rem; }
  nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; }
}
@media print {
  nav, .skip { display: none; }
  .layout { display: block; max-width: none; padding: 0; }
  body { font-size: 10pt; }
  pre { white-space: pre-wrap; }
  tr, pre, h3 { break-inside: avoid; } h2, h3, h4 { break-after: avoid; }
}
`;
