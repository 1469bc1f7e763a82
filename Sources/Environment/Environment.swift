// The door of Environment: what the core needs from outside, in protocols without domain types.
//
// `Clock` tells the time, `Disk` keeps files. `Platform` implements both with the operating system.
