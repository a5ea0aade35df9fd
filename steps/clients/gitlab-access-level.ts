/** Access levels by GitLab's numbers. */
export const accessLevel = { guest: 10, reporter: 20, developer: 30, maintainer: 40, owner: 50 } as const;
