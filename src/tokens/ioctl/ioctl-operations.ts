/** @module */

/** The operations an ioctl token can grant, exactly one by IoTeX's convention. */
export const IOCTL_OPERATIONS: readonly string[] = Object.freeze(["Create", "Read", "Update", "Delete"]);
