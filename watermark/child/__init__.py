"""What runs inside the caged children. Only the fork server's process imports these modules.

The code here reads hostile bytes. It may be wrong, or taken over: the parent believes nothing
that comes out of it beyond bounded numbers, known words and pixels.
"""
