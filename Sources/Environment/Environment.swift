// The door of Environment: what the core needs from the outside, as protocols that name no domain type.
//
// `Clock` tells the time, `Disk` keeps files. `Platform` implements both with the operating system.
