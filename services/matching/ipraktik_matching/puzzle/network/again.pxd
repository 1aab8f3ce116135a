# Types of again.py for Cython; without Cython nobody reads this file.
cimport cython

ctypedef int Index
ctypedef long long Whole

@cython.locals(many_a=Index, many_b=Index, looks=Whole, a=Index, b=Index, root=Index, size=Index, done=Index, touched=Index,
               grown=Index, stop=Whole, end=Index, base=Whole, arc=Index, far=Whole, place=Index, above=Index, below=Index,
               other=Index, last=Index, leaving=Index)
cpdef long long lowered(const int[::1] first, const int[::1] to, const long long[::1] worth, int[::1] room,
                        long long[::1] pay_a, long long[::1] pay_b, int[::1] seat, int[::1] held, long long[::1] dist,
                        int[::1] came, int[::1] by, long long[::1] low, int[::1] tree, int[::1] heap, int[::1] spot,
                        int[::1] seen) except? -2
