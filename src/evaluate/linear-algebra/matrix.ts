/** A dense matrix in float64, row-major. Features of a set are one: a row an image. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** A matrix over existing values (not copied), or zeros. */
export function matrix(rows: number, columns: number, values?: Float64Array): Matrix {
  if (values !== undefined && values.length !== rows * columns) {
    throw new Error(`Expected ${rows} × ${columns} values, got ${values.length}.`);
  }
  return { rows, columns, values: values ?? new Float64Array(rows * columns) };
}

/** A matrix whose rows are copies of the given ones, all of the same length. */
export function matrixFromRows(rows: readonly ArrayLike<number>[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  const values = new Float64Array(rows.length * columns);
  for (const [i, row] of rows.entries()) {
    if (row.length !== columns) {
      throw new Error(`Expected rows of ${columns} values, got ${row.length} in row ${i}.`);
    }
    values.set(row, i * columns);
  }
  return { rows: rows.length, columns, values };
}

/** The rows at `indices`, in their order, copied. */
export function selectRows(m: Matrix, indices: ArrayLike<number>): Matrix {
  const selected = matrix(indices.length, m.columns);
  for (let i = 0; i < indices.length; i++) {
    const start = indices[i] * m.columns;
    selected.values.set(m.values.subarray(start, start + m.columns), i * m.columns);
  }
  return selected;
}

/** At most `count` rows from `start`, not copied. */
export function rowRange(m: Matrix, start: number, count: number): Matrix {
  const end = Math.min(start + count, m.rows);
  const values = m.values.subarray(start * m.columns, end * m.columns);
  return { rows: end - start, columns: m.columns, values };
}

/** The values at the crossings of `rows` and `columns`, copied. */
export function subMatrix(m: Matrix, rows: Int32Array, columns: Int32Array): Matrix {
  const result = matrix(rows.length, columns.length);
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i] * m.columns;
    for (let j = 0; j < columns.length; j++) {
      result.values[i * columns.length + j] = m.values[start + columns[j]];
    }
  }
  return result;
}

/** The matrix with rows and columns exchanged. */
export function transpose(m: Matrix): Matrix {
  const t = matrix(m.columns, m.rows);
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.columns; j++) t.values[j * m.rows + i] = m.values[i * m.columns + j];
  }
  return t;
}

/** The mean of each column. */
export function columnMeans(m: Matrix): Float64Array {
  const means = new Float64Array(m.columns);
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.columns; j++) means[j] += m.values[i * m.columns + j];
  }
  return means.map((sum) => sum / m.rows);
}

/** The matrix with the mean of each column taken away. */
export function centreColumns(m: Matrix): Matrix {
  const means = columnMeans(m);
  return matrix(
    m.rows,
    m.columns,
    m.values.map((value, i) => value - means[i % m.columns]),
  );
}
