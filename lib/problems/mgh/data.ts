/**
 * Measured values of the fits in the test set, as printed in the paper.
 *
 * @module
 */

/** MGH 8. */
// deno-fmt-ignore
export const BARD: readonly number[] = [
  .14, .18, .22, .25, .29, .32, .35, .39, .37, .58, .73, .96, 1.34, 2.10, 4.39,
];

/** MGH 9. */
// deno-fmt-ignore
export const GAUSSIAN: readonly number[] = [
  .0009, .0044, .0175, .0540, .1295, .2420, .3521, .3989, .3521, .2420, .1295, .0540, .0175, .0044, .0009,
];

/** MGH 10. */
// deno-fmt-ignore
export const MEYER: readonly number[] = [
  34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872,
];

/** MGH 15, the measured values. */
// deno-fmt-ignore
export const KOWALIK_OSBORNE: readonly number[] = [
  .1957, .1947, .1735, .1600, .0844, .0627, .0456, .0342, .0323, .0235, .0246,
];

/** MGH 15, where they were measured. */
// deno-fmt-ignore
export const KOWALIK_OSBORNE_AT: readonly number[] = [
  4, 2, 1, .5, .25, .167, .125, .1, .0833, .0714, .0625,
];

/** MGH 17. */
// deno-fmt-ignore
export const OSBORNE1: readonly number[] = [
  .844, .908, .932, .936, .925, .908, .881, .850, .818, .784, .751, .718, .685, .658, .628, .603, .580, .558, .538,
  .522, .506, .490, .478, .467, .457, .448, .438, .431, .424, .420, .414, .411, .406,
];

/** MGH 19. */
// deno-fmt-ignore
export const OSBORNE2: readonly number[] = [
  1.366, 1.191, 1.112, 1.013, .991, .885, .831, .847, .786, .725, .746, .679, .608, .655, .616, .606, .602, .626,
  .651, .724, .649, .649, .694, .644, .624, .661, .612, .558, .533, .495, .500, .423, .395, .375, .372, .391, .396,
  .405, .428, .429, .523, .562, .607, .653, .672, .708, .633, .668, .645, .632, .591, .559, .597, .625, .739, .710,
  .729, .720, .636, .581, .428, .292, .162, .098, .054,
];
