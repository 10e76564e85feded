// The guided tour: steps that notice by themselves that they were done.
export function begin() {}
