/**
 * The 68 landmarks of iBUG 300-W as vertices of the MakeHuman base mesh, chosen from its edge loops
 * (lid margins, vermilion border, brow ridge). Only the subject's left side is listed; the right
 * side is its mirror image. The jaw line is fixed on the head, it does not slide to the silhouette.
 */
const jawFromEarToChin = [12001, 12010, 11712, 7614, 7459, 10366, 7618, 7620];
const chin = 5296;
const browFromInside = [6957, 6953, 6952, 6955, 7023];
const noseBridge = [134, 5063, 201, 5054];
const noseBaseFromInside = [7077, 7119];
const noseBase = 343;
/** Inner corner, upper lid (2), outer corner, lower lid from outside (2). */
const leftEye = [13365, 13359, 13353, 13377, 13372, 13368];
const outerUpperLipFromMiddle = [466, 7219, 7207];
const outerCorner = 10404;
const outerLowerLipFromMiddle = [492, 7241, 7166];
const innerUpperLipFromMiddle = [474, 7226];
const innerCorner = 7190;
const innerLowerLipFromMiddle = [523, 7236];

/** Left eye order seen from the other eye: outer corner, upper lid, inner corner, lower lid. */
const rightEyeOrder = [3, 2, 1, 0, 5, 4];

/** The 68 vertices in iBUG order; `mirror` maps a vertex to its mirror image. */
export function landmarkVertices(mirror: (vertex: number) => number): number[] {
  const reversed = (list: readonly number[]) => [...list].reverse();
  const right = (list: readonly number[]) => list.map(mirror);
  const [upper, ...leftUpper] = outerUpperLipFromMiddle;
  const [lower, ...leftLower] = outerLowerLipFromMiddle;
  const [innerUpper, ...leftInnerUpper] = innerUpperLipFromMiddle;
  const [innerLower, ...leftInnerLower] = innerLowerLipFromMiddle;
  return [
    ...right(jawFromEarToChin),
    chin,
    ...reversed(jawFromEarToChin),
    ...right(reversed(browFromInside)),
    ...browFromInside,
    ...noseBridge,
    ...right(reversed(noseBaseFromInside)),
    noseBase,
    ...noseBaseFromInside,
    ...rightEyeOrder.map((i) => mirror(leftEye[i])),
    ...leftEye,
    mirror(outerCorner),
    ...right(reversed(leftUpper)),
    upper,
    ...leftUpper,
    outerCorner,
    ...reversed(leftLower),
    lower,
    ...right(leftLower),
    mirror(innerCorner),
    ...right(reversed(leftInnerUpper)),
    innerUpper,
    ...leftInnerUpper,
    innerCorner,
    ...reversed(leftInnerLower),
    innerLower,
    ...right(leftInnerLower),
  ];
}
