/**
 * Comparing solvers: run them side by side, tabulate, profile, explain.
 *
 * @module
 */
export { compare, compareAsync, type CompareOptions, type CompareProgress, lastStudy } from "./compare.ts";
export type { ConvergenceOptions } from "./convergence.ts";
export { type Band, Curves, type CurvesFields, type Series } from "./curves.ts";
export { Presented } from "../core/mod.ts";
export { Profile, type ProfileCurve, type ProfileFields, type Target } from "./profile.ts";
export type { ProfileOptions } from "./profiles.ts";
export type { Quartiles } from "./quartiles.ts";
export type { Row, RowStatus, RowTrace } from "./row.ts";
export type { StudyData } from "./storage.ts";
export { Study } from "./study.ts";
export { type Cell, type Column, Table } from "./table.ts";
export type { TableOptions } from "./tabulate.ts";
export { explain, Explanation } from "./explain.ts";
export type { Finding, Topic } from "./diagnose/finding.ts";
