/**
 * Comparing solvers: run them side by side, tabulate, profile, explain.
 *
 * @module
 */
export { type Band, Curves, type CurvesFields, type Series } from "./curves.ts";
export { Profile, type ProfileCurve, type ProfileFields, type Target } from "./profile.ts";
export type { Quartiles } from "./quartiles.ts";
export type { Row, RowStatus, RowTrace } from "./row.ts";
export { type Cell, type Column, Table } from "./table.ts";
