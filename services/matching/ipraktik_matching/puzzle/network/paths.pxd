# Types of paths.py for Cython; without Cython nobody reads this file.
cimport cython

ctypedef int Index
ctypedef long long Whole

@cython.locals(looks=Whole, root=Index, a=Index, b=Index, arc=Index, slot=Index, other=Index, nearest=Whole, owed=Whole,
               size=Index, done=Index, touched=Index, base=Whole, sink=Index, end=Index, reached=Whole, far=Whole, place=Index, above=Index,
               below=Index, last=Index, leaving=Index)
cpdef long long dearest(int begin, int close, int must, const int[::1] first, const int[::1] to, const long long[::1] worth,
                        int[::1] fill, int[::1] room, long long[::1] pay_a, long long[::1] pay_b, int[::1] seat,
                        long long[::1] dist, int[::1] came, int[::1] back, int[::1] heap, int[::1] spot, int[::1] seen,
                        int[::1] told) except? -2

@cython.locals(place=Index, best=Whole, one=Index, b=Index, gain=Whole, done=Index, sink=Index, end=Index, gained=Whole,
               moved=Index, a=Index, was=Index, slot=Index)
cpdef long long comes(int root, long long credit, long long heaviest, const int[::1] host, const long long[::1] weight,
                      const int[::1] most, const long long[::1] low, int[::1] first, int[::1] to, long long[::1] worth, int[::1] fill,
                      int[::1] room, long long[::1] pay_a, long long[::1] pay_b, int[::1] seat, long long[::1] dist,
                      int[::1] came, int[::1] back, int[::1] heap, int[::1] spot, int[::1] seen, int[::1] told,
                      int[::1] at) except? -2

@cython.locals(arc=Index)
cdef long long _worth(int a, int b, const int[::1] first, const int[::1] to, const long long[::1] worth) noexcept

@cython.locals(arc=Index, b=Index, here=Index, more=Whole, owed=Whole)
cdef int _covers(int a, const int[::1] first, const int[::1] to, const long long[::1] worth,
                 const long long[::1] pay_a, const long long[::1] pay_b, const int[::1] at, const long long[::1] low) noexcept
