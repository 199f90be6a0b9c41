"""Makes a labelled dataset of the portraits of `canada-landmarks` for `evaluate --task landmarks`.

    python3 scripts/reference/canada_landmarks.py FOLDER_WITH_TEM_FILES OUTPUT_FOLDER

The `.tem` files have 189 points in a frame three times as large as the images. Those that mean the
same as a point of the 68 of iBUG (corners of the eyes, outline of the lips) are kept; the others are
marked as not visible, so that nothing is measured on them.
"""

import json
import pathlib
import shutil
import sys

# iBUG index -> .tem index: contours 18..22 and 23..27 are the upper eyelids, 87..93 the upper edge of
# the lips, 87, 104..108, 93 their lower edge.
meaning = {36: 18, 39: 22, 42: 23, 45: 27}
meaning.update({48 + i: 87 + i for i in range(7)})
meaning.update({59 - i: 104 + i for i in range(5)})

source, target = map(pathlib.Path, sys.argv[1:3])
target.mkdir(parents=True, exist_ok=True)
lines = []
for tem in sorted(source.glob("*.tem")):
    rows = tem.read_text().split("\n")
    points = [[float(v) / 3 for v in row.split()] for row in rows[1 : 1 + int(rows[0])]]
    image = tem.with_suffix(".jpg")
    shutil.copy(image, target / image.name)
    known = [points[meaning[i]] if i in meaning else [0, 0] for i in range(68)]
    lines.append(json.dumps({
        "file_name": image.name,
        "landmarks": [[round(x, 2), round(y, 2)] for x, y in known],
        "landmarks_visible": [int(i in meaning) for i in range(68)],
    }))
(target / "metadata.jsonl").write_text("\n".join(lines) + "\n")
