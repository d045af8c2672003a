import type {MeshesError} from '../errors.js';

/** Promises that wait for the same thing. */
export class Waiters {
  #waiting: {resolve: () => void; reject: (error: MeshesError) => void}[] = [];

  /** Waits until the next `settle`. */
  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({resolve, reject});
    });
  }

  /** Resolves all that wait, or rejects them with the error. */
  settle(error?: MeshesError): void {
    for (const {resolve, reject} of this.#waiting.splice(0)) {
      if (error) reject(error);
      else resolve();
    }
  }
}
