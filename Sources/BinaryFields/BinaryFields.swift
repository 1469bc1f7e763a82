// The door of this module: what is here and in which order to read it.
//
// `GF128` is the field. `FieldVector` is memory for many elements and `FieldLoops` what is done to
// them; each loop has kernels in CBinaryFields, chosen when the program is loaded. `Equality` holds
// the tables of multilinear evaluation, `LinearMap` and `DualBasis` the maps that are linear over
// GF(2). `AdditiveTransform` encodes: its outputs are Reed-Solomon codewords.
