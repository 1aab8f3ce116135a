# Types of bids.py for Cython; without Cython nobody reads this file.
cimport cython

ctypedef int Index
ctypedef long long Whole

@cython.locals(many_a=Index, looks=Whole, a=Index, b=Index, arc=Index, other=Index, head=Index, tail=Index, waiting=Index,
               held=Index, sink=Index, best=Whole, second=Whole, none=Whole, gain=Whole, left=Whole)
cpdef long long bids(const int[::1] first, const int[::1] to, const long long[::1] worth, int[::1] fill, int[::1] room,
                     long long[::1] pay_a, long long[::1] pay_b, int[::1] seat, int[::1] waits, int[::1] queue,
                     int[::1] later) except? -2
